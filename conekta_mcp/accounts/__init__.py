"""Which Conekta account a call acts for: profiles, where their API keys are kept, test or live mode."""

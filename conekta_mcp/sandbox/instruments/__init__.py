"""The sandbox: cards, CLABEs, cash references, fees and installments."""

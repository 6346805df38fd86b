"""The sandbox: the errors that Conekta answers with, and the choices behind them."""

"""The sandbox: the errors of Conekta, and the choices where they are not known."""

"""The WSGI entry point of the bench: the product with the control beside it, at the day its data ends on."""

from bench.serving import prepare

application = prepare()

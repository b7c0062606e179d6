"""Web push: notices as bare as our emails on the screens of browsers that asked for it. It imports no other package of services."""

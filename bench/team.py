"""A borough with its teams and accounts and no child yet, in the database that Django is set to: where the bench's
browser logs a concern, so that the measured boroughs stay as they are."""

if __name__ == "__main__":
    import django

    django.setup()
    from hsb.overview.demo.accounts import make_accounts

    make_accounts()

"""`python -m kb` is the kb command."""

if __name__ == "__main__":
    from kb.cli import main  # here, for the rendering child runs this module again and needs none of it

    main()

"""What `manage.py up` is made of: the desk's processes under one launcher, which leaves none behind."""

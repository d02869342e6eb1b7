"""The built-in rules: one sub-package a family, registered through entry points like anyone's."""

"""The cells' steps once more, in place and for all steps of a run: one file a cell that needs the speed."""

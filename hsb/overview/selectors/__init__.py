"""Page-shaped reads of the roof: across floors, each record by the reader's right."""

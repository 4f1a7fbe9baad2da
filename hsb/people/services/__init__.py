"""What is done with accounts, roles, cover, training, teams and agencies: one module a noun. The only writers.

Each verb re-reads what it changes under lock, asks the permission again, and leaves an old version that says who
changed it, and when. What is not possible now is said in sentences (`NotReady`); who may not, is `Denied`.
"""

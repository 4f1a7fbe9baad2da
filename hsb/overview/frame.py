"""The frame around every page: who is here, where they can go, what waits for them. Asked only when drawn."""


def frame(request):
    return {"frame": None}

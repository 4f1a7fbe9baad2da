"""What people do on floor 1, one module a part of the road. The only writers; never see a request."""

"""The one path of a write: policy, effect, approval, limits, claim, one request, verification, audit."""

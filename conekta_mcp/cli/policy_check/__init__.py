"""The parts of `policy check`: its assumptions, its computation and its output."""

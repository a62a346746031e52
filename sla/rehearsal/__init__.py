"""The rehearsal: what a draft would have made of the last days, before it makes anything of the next ones.

The past is read from the timeline (`past`), put to the policies as they are and to the policies as they would be
(`plan`), each time by the very table that moves real clocks (`sla.sync`, `sla.clocks`) over clocks that live in
memory (`stage`), and the two outcomes are compared (`comparing`). Nothing is written, sent or announced.
"""

"""The stages as Faust agents on Kafka, with the delivery idioms of docs/decisions/0003.

app.py         the Faust app of one stage, with the settings that lose nothing
agent.py       the adapter: a batch in, the stage's work, confirmed produce, dead letters, acknowledgement
guard.py       what Faust's consumer is kept from doing, because it would lose records
succession.py  sees that no record is passed over, and none is held up
rebuild.py     reads a stage's own state topic from its first record to its end
observer.py    counts outcomes, alerts and dead letters for the live display and the balance
"""

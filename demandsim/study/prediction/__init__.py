"""What the model expects of later years, from what was known at a date, beside the simplest forecasts there are.

Takes a place, calibrated beliefs and official yearly series; gives bands by fiscal year. Never looks at an official
value after the date it predicts from, and never moves its own level onto an official one without saying so.
"""

from demandsim.study.prediction.actuals import Actual, known_actuals, read_actuals, write_template
from demandsim.study.prediction.bands import FORECASTS, NAIVE
from demandsim.study.prediction.predicting import Figure, Prediction, build_prediction, predict_place
from demandsim.study.prediction.request import Request, place_words, plan_prediction
from demandsim.study.prediction.running import run_prediction
from demandsim.study.prediction.writing import write_prediction, write_record

__all__ = [
    "FORECASTS",
    "NAIVE",
    "Actual",
    "Figure",
    "Prediction",
    "Request",
    "build_prediction",
    "known_actuals",
    "place_words",
    "plan_prediction",
    "predict_place",
    "read_actuals",
    "run_prediction",
    "write_prediction",
    "write_record",
    "write_template",
]

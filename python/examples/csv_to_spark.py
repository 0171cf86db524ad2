"""From labeled rows in a CSV to a trained model to a Spark job.

Run it with a folder to work in: python csv_to_spark.py FOLDER
"""

from __future__ import annotations

import csv
import pathlib
import sys

import standpoint_stance as ss
import standpoint_stance.spark as stance


def labeled_rows(path: pathlib.Path) -> None:
    """Writes a small labeled file, in place of your own."""
    seen = {"warm": ("sun", "a mild wind", "a bright noon"), "cold": ("snow", "hard frost", "dark ice")}
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label", "outlet"])
        for day in range(60):
            label = ("warm", "cold")[day % 2]
            writer.writerow([f"Day {day} brought {seen[label][day % 3]} and {seen[label][day % 5 % 3]}.", label, f"outlet {day % 6}"])


def main(folder: pathlib.Path) -> None:
    """Trains, saves, scores on Spark, and counts the labels."""
    labeled_rows(folder / "labeled.csv")
    with (folder / "labeled.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    table = {name: [row[name] for row in rows] for name in rows[0]}
    training = ss.train(table, "label", group="outlet", folds=3)
    model = folder / "weather.safetensors"
    training.model.save(model)

    from pyspark.sql import SparkSession

    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    articles = spark.read.option("header", True).csv(str(folder / "labeled.csv"))
    # On a cluster the path must be one that every machine has.
    scored = stance.score(articles, text="text", keep=["outlet"], model=str(model))
    scored.write.parquet(str(folder / "scored"))
    spark.read.parquet(str(folder / "scored")).groupBy("top").count().orderBy("top").show()
    spark.stop()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))

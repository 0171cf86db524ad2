"""A job of tests/test_spark_cluster.py: cluster_job.py MASTER IN OUT FLAG [MODEL].

The first task waits when it has written the number of its process into FLAG, so that its executor can be killed. Without FLAG (``-``) no
task waits, and MODEL is deleted when the driver has opened it.
"""

from __future__ import annotations

import os
import sys

import standpoint_stance.spark as stance


def main(master: str, given: str, out: str, flag: str, model: str | None = None) -> None:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).config("spark.ui.enabled", "false").config("spark.executor.memory", "512m")
    spark = builder.config("spark.driver.host", "127.0.0.1").config("spark.cores.max", "2").getOrCreate()

    def wait_once(batches):
        import os
        import time

        for batch in batches:
            try:
                file = os.open(flag, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            except FileExistsError:
                yield batch
            else:
                os.write(file, f"{os.getpid()}\n".encode())
                os.close(file)
                time.sleep(300)

    frame = spark.read.parquet(given)
    if flag != "-":
        frame = frame.mapInArrow(wait_once, frame.schema)
    scored = stance.score(frame, text="text", id="id", model=model, keep=["year"])
    if model is not None:
        os.unlink(model)
    scored.write.parquet(out)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])

package org.t3jvm.spark.job;

import java.util.function.Consumer;
import org.t3jvm.spark.task.VideoRow;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** Gets each task's row as it comes to the driver. */
final class ResultHandler extends AbstractFunction2<Object, VideoRow, BoxedUnit> {
  private final Consumer<VideoRow> rows;

  ResultHandler(Consumer<VideoRow> rows) {
    this.rows = rows;
  }

  @Override
  public BoxedUnit apply(Object partition, VideoRow row) {
    rows.accept(row);
    return BoxedUnit.UNIT;
  }
}

package org.t3jvm.spark.task;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** A partition of one prompt becomes a row of the manifest, and a video. */
public final class RenderTask extends AbstractFunction2<TaskContext, Iterator<VideoTask>, VideoRow>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Settings settings;
  private final SerializableConfiguration hadoop;
  private final LongAccumulator permille;

  /**
   * @param hadoop Hadoop's settings
   * @param permille grows by 1000 with every video
   */
  public RenderTask(Settings settings, SerializableConfiguration hadoop, LongAccumulator permille) {
    this.settings = settings;
    this.hadoop = hadoop;
    this.permille = permille;
  }

  @Override
  public VideoRow apply(TaskContext context, Iterator<VideoTask> tasks) {
    return new VideoAttempt(settings, hadoop.value(), context, permille).render(tasks.next());
  }
}

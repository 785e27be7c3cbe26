package org.t3jvm.spark.task;

import java.io.Serializable;
import org.t3jvm.model.batch.Prompt;

/**
 * A video to make.
 *
 * @param index of the prompt in its table
 * @param prompt whose image, if it has one, is by its name in full
 */
public record VideoTask(int index, Prompt prompt) implements Serializable {
  private static final long serialVersionUID = 1L;
}

package org.t3jvm.model.pipeline;

/** A stage does not fit into the memory that there is. */
final class ShortageException extends PipelineException {
  private static final long serialVersionUID = 1L;

  ShortageException(String message) {
    super(message);
  }
}

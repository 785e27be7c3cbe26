package org.t3jvm.model.run;

/** A run failed; the message is one line that names stage, step or tensor. */
public class PipelineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PipelineException(String message) {
    super(message);
  }
}

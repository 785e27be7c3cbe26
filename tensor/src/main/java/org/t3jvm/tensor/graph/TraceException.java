package org.t3jvm.tensor.graph;

/** An op was traced with operands that it does not accept; the message names op and operands. */
public final class TraceException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public TraceException(String op, String message) {
    super(op + ": " + message);
  }
}

package org.t3jvm.model.nn;

/** The tensors of a file are of no model, or of one that is not supported; says which and why. */
public final class UnsupportedModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public UnsupportedModelException(String message) {
    super(message);
  }
}

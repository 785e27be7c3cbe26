package org.t3jvm.model.provenance;

/** The version of this program, which states and videos carry. */
public final class ProgramVersion {
  /** Such as {@code 0.1.0}. */
  public static final String CURRENT = "0.1.0";

  private ProgramVersion() {}
}

package org.t3jvm.model.provenance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of this program, which states and videos carry. */
public final class ProgramVersion {
  private static final String RESOURCE = "version.properties";

  /**
   * Such as {@code 0.1.0}: the version in the root pom, whose snapshots count as what they become.
   */
  public static final String CURRENT = read().replaceFirst("-SNAPSHOT$", "");

  private ProgramVersion() {}

  /** Maven writes the version into the resource when it copies it. */
  private static String read() {
    Properties properties = new Properties();
    try (InputStream in = ProgramVersion.class.getResourceAsStream(RESOURCE)) {
      properties.load(Objects.requireNonNull(in, RESOURCE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Objects.requireNonNull(properties.getProperty("version"), "version in " + RESOURCE);
  }
}

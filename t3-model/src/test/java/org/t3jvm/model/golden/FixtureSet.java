package org.t3jvm.model.golden;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A folder of fixtures with the {@code fixtures.json} that describes them.
 *
 * @param folder where the files lie
 * @param fixtures the entries, in the file's order
 */
public record FixtureSet(Path folder, List<Fixture> fixtures) {
  /** System property that names another folder of the same layout. */
  public static final String PROPERTY = "t3.fixtures";

  private static final String INDEX = "fixtures.json";

  public FixtureSet {
    fixtures = List.copyOf(fixtures);
  }

  /** The set that the system property {@value PROPERTY} names, or the test resources' own. */
  public static FixtureSet configured() {
    String folder = System.getProperty(PROPERTY);
    return folder == null ? bundled() : open(Path.of(folder).toAbsolutePath());
  }

  /** True unless the system property {@value PROPERTY} names another set. */
  public static boolean isBundled() {
    return System.getProperty(PROPERTY) == null;
  }

  /** The test resources' own set. */
  public static FixtureSet bundled() {
    URL index = Objects.requireNonNull(FixtureSet.class.getResource("/fixtures/" + INDEX));
    try {
      return open(Objects.requireNonNull(Path.of(index.toURI()).getParent()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static FixtureSet open(Path folder) {
    Path index = folder.resolve(INDEX);
    if (!Files.exists(index)) {
      throw new IllegalStateException(
          "-D%s: there is no %s; give a folder that holds one".formatted(PROPERTY, index));
    }
    List<Fixture> fixtures = new ArrayList<>();
    for (JsonNode entry : JsonMapper.shared().readTree(index.toFile()).get("fixtures")) {
      fixtures.add(new Fixture(folder, entry));
    }
    return new FixtureSet(folder, fixtures);
  }

  /** The entry of a name. */
  public Fixture named(String name) {
    return fixtures.stream()
        .filter(fixture -> fixture.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError("%s has no entry '%s'".formatted(folder.resolve(INDEX), name)));
  }
}

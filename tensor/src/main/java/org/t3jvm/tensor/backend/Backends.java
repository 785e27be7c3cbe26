package org.t3jvm.tensor.backend;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The backends on the class path. */
public final class Backends {
  private Backends() {}

  /** Every provider, usable or not, by name. */
  public static List<BackendProvider> all() {
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(BackendProvider::name))
        .toList();
  }

  /**
   * The provider of a name.
   *
   * @throws BackendException if there is none, listing those there are
   */
  public static BackendProvider named(String name) {
    List<BackendProvider> all = all();
    return all.stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BackendException(
                    "backend '%s' is unknown; known are %s"
                        .formatted(
                            name,
                            all.stream()
                                .map(BackendProvider::name)
                                .collect(Collectors.joining(", ")))));
  }
}

package org.t3jvm.bench.library;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the modules show to programs outside: these packages, complete in themselves. */
class ModulesTest {
  private static final Map<String, List<String>> EXPORTED =
      Map.of(
          "org.t3jvm.accel", List.of(),
          "org.t3jvm.bench", List.of(),
          "org.t3jvm.loaders", List.of(),
          "org.t3jvm.model",
              List.of("org.t3jvm", "org.t3jvm.event", "org.t3jvm.job", "org.t3jvm.train"),
          "org.t3jvm.server", List.of(),
          "org.t3jvm.tensor",
              List.of(
                  "org.t3jvm.tensor",
                  "org.t3jvm.tensor.backend",
                  "org.t3jvm.tensor.grad",
                  "org.t3jvm.tensor.graph",
                  "org.t3jvm.tensor.optim",
                  "org.t3jvm.tensor.random"));

  private static final Pattern MODULE = Pattern.compile("<module>([\\w-]+)</module>");
  private static final String SERVICES = "META-INF/services/";

  /** Found through class path entries alone: with an SDK, devices are loaded from there only. */
  private static final Set<String> OF_THE_SDK =
      Set.of(
          "org.t3jvm.accel.sdk.DeviceSource",
          "uk.ac.manchester.tornado.runtime.library.spi.TornadoLibraryProvider");

  /** The classes of each module, which are imported at once: they name each other. */
  private static final Map<String, List<JavaClass>> CLASSES =
      new ClassFileImporter()
              .importLocations(
                  ProjectModules.all().values().stream()
                      .map(module -> location(ProjectModules.path(module)))
                      .toList())
              .stream()
              .collect(groupingBy(ModulesTest::module));

  /** A folder in a build of one module, a jar in {@code mvn verify}. */
  private static Location location(Path module) {
    return Files.isDirectory(module)
        ? Location.of(module)
        : Location.of(URI.create("jar:" + module.toUri() + "!/"));
  }

  private static String module(JavaClass type) {
    String source = type.getSource().orElseThrow().getUri().getSchemeSpecificPart();
    return ProjectModules.all().values().stream()
        .filter(module -> source.contains(ProjectModules.path(module).toUri().getPath()))
        .map(module -> module.descriptor().name())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyModuleOfTheBuildHasADescriptor() throws IOException {
    // Those of profiles are no modules to Java: Spark's jars are none.
    String pom = Files.readString(Path.of("../pom.xml")).replaceFirst("(?s)<profiles>.*", "");
    assertThat(MODULE.matcher(pom).results().count())
        .as("modules in the root pom, against the descriptors of %s", ProjectModules.all().keySet())
        .isEqualTo(ProjectModules.all().size());
  }

  @Test
  void theyExportTheListedPackages() {
    Map<String, List<String>> exported = new TreeMap<>();
    ProjectModules.all()
        .forEach(
            (name, module) -> exported.put(name, ProjectModules.exported(module.descriptor())));
    assertThat(exported).containsExactlyInAnyOrderEntriesOf(EXPORTED);
  }

  @Test
  void otherPackagesAreExportedToModulesThatUseThem() {
    Map<String, Set<String>> used = new TreeMap<>();
    CLASSES.forEach(
        (name, classes) ->
            classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency -> dependency.getTargetClass().getPackageName())
                .forEach(of -> used.computeIfAbsent(of, key -> new TreeSet<>()).add(name)));
    for (ModuleReference module : ProjectModules.all().values()) {
      ProjectModules.qualified(module.descriptor())
          .forEach(
              (name, targets) ->
                  assertThat(used.getOrDefault(name, Set.of()))
                      .as("modules that use %s, against those that it is exported to", name)
                      .containsAll(targets));
    }
  }

  @Test
  void signaturesOfExportedPackagesNameExportedTypesAlone() {
    Set<String> exported =
        EXPORTED.values().stream().flatMap(List::stream).collect(toCollection(TreeSet::new));
    List<String> hidden = new ArrayList<>();
    long checked = 0;
    for (JavaClass type : CLASSES.values().stream().flatMap(List::stream).toList()) {
      if (exported.contains(type.getPackageName()) && isVisible(type)) {
        checked++;
        for (JavaClass named : named(type)) {
          JavaClass base = named.getBaseComponentType();
          if (!base.isPrimitive()
              && !base.getPackageName().startsWith("java.")
              && !(exported.contains(base.getPackageName()) && isVisible(base))) {
            hidden.add(type.getName() + " names " + base.getName());
          }
        }
      }
    }
    assertThat(hidden).isEmpty();
    assertThat(checked).as("types of exported packages").isGreaterThan(100);
  }

  /** Whether programs outside can name it: all that it lies in is public too. */
  private static boolean isVisible(JavaClass type) {
    return isVisible(type.getModifiers())
        && type.getEnclosingClass().map(ModulesTest::isVisible).orElse(true);
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  /** Types in what a program sees of a type: what it extends, and its members' signatures. */
  private static Set<JavaClass> named(JavaClass type) {
    Set<JavaClass> named = new LinkedHashSet<>();
    type.getSuperclass().ifPresent(parent -> named.addAll(parent.getAllInvolvedRawTypes()));
    for (JavaType parent : type.getInterfaces()) {
      named.addAll(parent.getAllInvolvedRawTypes());
    }
    for (JavaMember member : type.getMembers()) {
      if (isVisible(member.getModifiers())
          && !member.getModifiers().contains(JavaModifier.SYNTHETIC)) {
        switch (member) {
          case JavaField field -> named.addAll(field.getType().getAllInvolvedRawTypes());
          case JavaCodeUnit unit -> {
            named.addAll(unit.getReturnType().getAllInvolvedRawTypes());
            unit.getParameterTypes().forEach(p -> named.addAll(p.getAllInvolvedRawTypes()));
            named.addAll(unit.getExceptionTypes());
          }
          default -> throw new IllegalArgumentException(member.getFullName());
        }
      }
    }
    return named;
  }

  /** On the class path services are found by files, on the module path by descriptors. */
  @Test
  void servicesAreDeclaredTheSameInBothWays() throws IOException {
    for (ModuleReference module : ProjectModules.all().values()) {
      ModuleDescriptor descriptor = module.descriptor();
      Map<String, List<String>> provided =
          descriptor.provides().stream()
              .collect(
                  toMap(ModuleDescriptor.Provides::service, ModuleDescriptor.Provides::providers));
      Map<String, List<String>> listed = services(module);
      listed.keySet().removeAll(OF_THE_SDK);
      assertThat(provided).as(descriptor.name()).containsExactlyInAnyOrderEntriesOf(listed);
    }
  }

  private static Map<String, List<String>> services(ModuleReference module) throws IOException {
    Map<String, List<String>> services = new TreeMap<>();
    try (ModuleReader reader = module.open();
        Stream<String> names = reader.list()) {
      for (String name :
          names.filter(n -> n.startsWith(SERVICES) && !n.equals(SERVICES)).toList()) {
        ByteBuffer bytes = reader.read(name).orElseThrow();
        services.put(
            name.substring(SERVICES.length()),
            StandardCharsets.UTF_8.decode(bytes).toString().lines().toList());
        reader.release(bytes);
      }
    }
    return services;
  }
}

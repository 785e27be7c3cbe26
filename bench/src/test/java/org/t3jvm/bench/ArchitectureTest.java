package org.t3jvm.bench;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import org.jspecify.annotations.NullMarked;

/** Who may know whom: between the modules, and inside {@code tensor}. */
@AnalyzeClasses(packages = "org.t3jvm", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule modules =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("tensor")
          .definedBy("org.t3jvm.tensor..")
          .layer("loaders")
          .definedBy("org.t3jvm.loaders..")
          .layer("accel")
          .definedBy("org.t3jvm.accel..")
          .layer("t3-model")
          .definedBy(
              "org.t3jvm",
              "org.t3jvm.cli..",
              "org.t3jvm.event..",
              "org.t3jvm.job..",
              "org.t3jvm.model..",
              "org.t3jvm.train..")
          .layer("server")
          .definedBy("org.t3jvm.server..")
          .optionalLayer("spark")
          .definedBy("org.t3jvm.spark..")
          .layer("bench")
          .definedBy("org.t3jvm.bench..")
          .whereLayer("tensor")
          .mayNotAccessAnyLayer()
          .whereLayer("loaders")
          .mayOnlyAccessLayers("tensor")
          .whereLayer("accel")
          .mayOnlyAccessLayers("tensor")
          .whereLayer("t3-model")
          .mayOnlyAccessLayers("tensor", "loaders")
          .whereLayer("server")
          .mayOnlyAccessLayers("tensor", "loaders", "t3-model")
          .whereLayer("spark")
          .mayOnlyAccessLayers("tensor", "loaders", "t3-model");

  /** The server makes videos as any program does; it shares the form of records and of files. */
  @ArchTest
  static final ArchRule theServerUsesTheApiAlone =
      noClasses()
          .that(resideInAPackage("org.t3jvm.server.."))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.t3jvm.model..", "org.t3jvm.loaders..")
                  .and(resideOutsideOfPackages("org.t3jvm.model.json", "org.t3jvm.loaders.io")));

  /** So does a rendering on Spark; it shares files of prompts, the memory of a JVM and hashes. */
  @ArchTest
  static final ArchRule sparkUsesTheApi =
      noClasses()
          .that(resideInAPackage("org.t3jvm.spark.."))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.t3jvm.model..", "org.t3jvm.loaders..")
                  .and(
                      resideOutsideOfPackages(
                          "org.t3jvm.model.batch",
                          "org.t3jvm.model.fit",
                          "org.t3jvm.model.json",
                          "org.t3jvm.loaders.io")))
          .allowEmptyShould(true);

  /** Each package is a slice of its own, so that one inside of another counts as another. */
  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("org.t3jvm.(**)").should().beFreeOfCycles();

  /** A room that holds more is divided by subject. */
  private static final int CLASSES_OF_A_PACKAGE = 21;

  @ArchTest
  static void packagesAreSmall(JavaClasses classes) {
    Map<String, Long> sizes =
        classes.stream()
            .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .filter(type -> !type.getPackageName().contains("jmh_generated"))
            .collect(groupingBy(JavaClass::getPackageName, counting()));
    sizes.values().removeIf(size -> size <= CLASSES_OF_A_PACKAGE);
    assertThat(sizes).as("packages of more than %d classes", CLASSES_OF_A_PACKAGE).isEmpty();
  }

  private static final String[] COMMAND_LINES = {
    "org.t3jvm.cli..",
    "org.t3jvm.server.cli..",
    "org.t3jvm.spark.cli..",
    "org.t3jvm.bench.cli..",
    "org.t3jvm.bench.fullsize.."
  };

  /** The command line, the server and programs enter by the same door. */
  @ArchTest
  static final ArchRule onlyTheCommandLineKnowsPicocli =
      noClasses()
          .that(resideOutsideOfPackages(COMMAND_LINES))
          .should()
          .dependOnClassesThat(resideInAPackage("picocli.."));

  @ArchTest
  static final ArchRule nothingKnowsTheCommandLine =
      noClasses()
          .that(resideOutsideOfPackages(COMMAND_LINES))
          .should()
          .dependOnClassesThat(resideInAPackage("org.t3jvm.cli.."));

  @ArchTest
  static final ArchRule graphKnowsNoBackend =
      noClasses()
          .that(resideInAPackage("org.t3jvm.tensor.graph.."))
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.t3jvm.tensor.backend..")
                  .or(resideInAPackage("org.t3jvm.tensor.cpu.."))
                  .or(resideInAPackage("org.t3jvm.tensor.reference..")));

  @ArchTest
  static final ArchRule backendSeamKnowsNoImplementation =
      noClasses()
          .that(resideInAPackage("org.t3jvm.tensor.backend.."))
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.t3jvm.tensor.cpu..")
                  .or(resideInAPackage("org.t3jvm.tensor.reference..")));

  @ArchTest
  static final ArchRule vectorApiStaysInCpu =
      noClasses()
          .that(resideOutsideOfPackage("org.t3jvm.tensor.cpu.."))
          .should()
          .dependOnClassesThat(resideInAPackage("jdk.incubator.vector.."));

  @ArchTest
  static final ArchRule tornadoStaysInAccel =
      noClasses()
          .that(resideOutsideOfPackage("org.t3jvm.accel.."))
          .should()
          .dependOnClassesThat(resideInAPackage("uk.ac.manchester.tornado.."));

  /** Work is shared by as many threads as were asked for, not by the pool that all streams have. */
  @ArchTest
  static final ArchRule noStreamTakesThreadsOfItsOwn =
      noClasses()
          .should()
          .callMethodWhere(
              target(name("parallel").or(name("parallelStream")))
                  .and(target(owner(resideInAPackage("java.util..")))));

  @ArchTest
  static final ArchRule packagesAreNullMarked =
      classes()
          .that(not(resideInAPackage("..jmh_generated..")))
          .should(
              new ArchCondition<>("be in a package whose package-info is @NullMarked") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  boolean marked =
                      type.getPackage()
                          .tryGetPackageInfo()
                          .map(info -> info.isAnnotatedWith(NullMarked.class))
                          .orElse(false);
                  if (!marked) {
                    events.add(
                        SimpleConditionEvent.violated(
                            type, type.getName() + " is in a package that is not @NullMarked"));
                  }
                }
              });
}

package org.t3jvm.model.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.t3jvm.model.device.CudaStandIn;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Precision;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every entry of the fixtures on the CPU's backends; {@link DeviceGoldensTest} has the others.
 * {@code -Dt3.fixtures=DIR} names another set of the same layout; an entry that no check covers
 * fails.
 */
class GoldenFixturesTest {
  /** Backend {@code cuda} on a stand-in of CUDA's driver. */
  static final String STAND_IN = "cuda-stand-in";

  private static final List<String> BACKENDS = List.of("cpu", "reference");

  private static final Map<String, Checks> CHECKS =
      Map.ofEntries(
          Map.entry("randn", RandnChecks::cases),
          Map.entry("flow_match", FlowMatchChecks::cases),
          Map.entry("unipc", SolverChecks::cases),
          Map.entry("dpmpp", SolverChecks::cases),
          Map.entry("t3attn_g1", SelfAttentionChecks::cases),
          Map.entry("t3attn_g2", SelfAttentionChecks::cases),
          Map.entry("freeswim_attention", InwardAttentionChecks::freeSwim),
          Map.entry("freeswim_dit", FreeSwimDitChecks::cases),
          Map.entry("freeswim_loop", FreeSwimLoopChecks::cases),
          Map.entry("vibe_gclf", InwardAttentionChecks::gclf),
          Map.entry("dit13", DitChecks::cases),
          Map.entry("dit5b", DitChecks::cases),
          Map.entry("lora", LoraChecks::cases),
          Map.entry("tokenizer", TokenizerChecks::cases),
          Map.entry("t5", Umt5Checks::cases),
          Map.entry("vae21", VaeChecks::cases),
          Map.entry("vae22", VaeChecks::cases),
          Map.entry("pth_variants", PthChecks::cases),
          Map.entry("image_resize", ImageChecks::cases),
          Map.entry("train_dit", TrainDitChecks::cases),
          Map.entry("train_lora", TrainLoraChecks::cases),
          Map.entry("train_adamw", AdamWChecks::cases),
          Map.entry("train_t5", TrainUmt5Checks::cases),
          Map.entry("train_vae21", TrainVaeChecks::cases),
          Map.entry("vibe_loss", VibeLossChecks::cases),
          Map.entry("vibe_relay", VibeRelayChecks::cases),
          Map.entry("vibe_step", VibeStepChecks::cases),
          Map.entry("pipe5b_i2v", PipelineChecks::cases),
          Map.entry("pipe13", PipelineChecks::cases));

  /** How a device refuses attention that it has no kernel of. */
  private static final String REFUSAL = "has no kernel for inward windows";

  private static final Map<String, Backend> OPEN = new HashMap<>();
  private static final GoldenSummary SUMMARY = new GoldenSummary();

  /** The comparisons that an entry asks for. */
  @FunctionalInterface
  private interface Checks {
    List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException;
  }

  @AfterAll
  static void closeBackendsAndSumUp() {
    OPEN.values().forEach(Backend::close);
    OPEN.clear();
    System.out.println("Golden fixtures of " + FixtureSet.configured().folder());
    SUMMARY.lines().forEach(line -> System.out.println("  " + line));
  }

  @TestFactory
  Stream<DynamicContainer> fixtures() {
    return fixtures(BACKENDS);
  }

  /** A container for each entry, with its cases on these backends. */
  static Stream<DynamicContainer> fixtures(List<String> backends) {
    FixtureSet set = FixtureSet.configured();
    return set.fixtures().stream()
        .map(fixture -> dynamicContainer(fixture.name(), tests(set, fixture, backends)));
  }

  @Test
  void theBundledSetHasEveryEntryThatIsCovered() {
    Assumptions.assumeTrue(
        FixtureSet.isBundled(), "another set, of " + FixtureSet.PROPERTY + ", is tested");
    assertThat(FixtureSet.configured().fixtures().stream().map(Fixture::name))
        .containsAll(CHECKS.keySet())
        .doesNotHaveDuplicates();
  }

  @Test
  void anEntryThatNoCheckCoversFails() throws IOException {
    Fixture unknown =
        new Fixture(
            FixtureSet.configured().folder(),
            JsonMapper.shared().readTree("{\"name\": \"unknown\", \"files\": {}}"));
    List<DynamicTest> tests = tests(FixtureSet.configured(), unknown, BACKENDS);
    assertThat(tests).hasSize(1);
    assertThatThrownBy(() -> tests.getFirst().getExecutable().execute())
        .isInstanceOf(AssertionError.class)
        .hasMessage("unknown: no check of GoldenFixturesTest covers the entry");
  }

  private static List<DynamicTest> tests(FixtureSet set, Fixture fixture, List<String> backends) {
    String name = fixture.name();
    Checks checks = CHECKS.get(name);
    if (checks == null) {
      return List.of(failing(name, "no check of GoldenFixturesTest covers the entry"));
    }
    List<String> missing = fixture.missingFiles();
    if (!missing.isEmpty()) {
      return List.of(
          failing(
              name,
              "files are listed that are not in %s: %s".formatted(fixture.folder(), missing)));
    }
    try {
      return checks.cases(set, fixture).stream()
          .flatMap(each -> tests(name, each, backends))
          .toList();
    } catch (IOException | RuntimeException | AssertionError e) {
      return List.of(
          test(
              name,
              "host",
              name,
              () -> {
                throw e;
              }));
    }
  }

  private static Stream<DynamicTest> tests(String entry, GoldenCase each, List<String> backends) {
    String name = entry + ", " + each.name();
    return switch (each) {
      case GoldenCase.OnBackend onBackend ->
          backends.stream()
              .map(
                  backend ->
                      test(
                          entry,
                          backend,
                          name + " [" + backend + "]",
                          () -> onBackend.check().run(open(backend))));
      case GoldenCase.OnHost onHost -> Stream.of(test(entry, "host", name, onHost.check()));
    };
  }

  private static DynamicTest test(
      String entry, String where, String name, GoldenCase.HostCheck check) {
    return dynamicTest(
        name,
        () -> {
          try {
            check.run();
          } catch (AssertionError e) {
            SUMMARY.compared(entry, where, false);
            throw new AssertionError(name + ": " + e.getMessage(), e);
          } catch (Exception e) {
            if (e instanceof BackendException && e.toString().contains(REFUSAL)) {
              SUMMARY.skipped(entry, name + ": " + e.getMessage());
              Assumptions.abort(name + ": " + e.getMessage());
            }
            SUMMARY.compared(entry, where, false);
            throw new AssertionError(name + ": " + e, e);
          }
          SUMMARY.compared(entry, where, true);
        });
  }

  private static DynamicTest failing(String entry, String reason) {
    return dynamicTest(
        entry,
        () -> {
          throw new AssertionError(entry + ": " + reason);
        });
  }

  private static Backend opened(String name) {
    BackendOptions options = BackendOptions.defaults().with(Precision.F32);
    try {
      return name.equals(STAND_IN)
          ? CudaStandIn.during(() -> Backends.named("cuda").open(options))
          : Backends.named(name).open(options);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Backend open(String name) {
    return OPEN.computeIfAbsent(name, GoldenFixturesTest::opened);
  }
}

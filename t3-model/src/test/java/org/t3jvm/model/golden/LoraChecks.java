package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.lora.LoraParameters;
import org.t3jvm.tensor.Tensor;

/** A LoRA over the 5B-like DiT (SPEC 18): the weights that it changes, and what they compute. */
final class LoraChecks {
  private static final String OUT = ".out";

  private LoraChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    for (String name : fixture.ioNames()) {
      cases.add(
          name.endsWith(OUT)
              ? new GoldenCase.OnBackend(
                  name,
                  backend ->
                      check(
                          set,
                          fixture,
                          name,
                          merged ->
                              DitChecks.velocity(
                                  set.named("dit5b"),
                                  name.substring(0, name.length() - OUT.length()),
                                  merged,
                                  backend)))
              : new GoldenCase.OnHost(
                  name, () -> check(set, fixture, name, merged -> merged.tensor(name))));
    }
    return cases;
  }

  @FunctionalInterface
  private interface Computed {
    Tensor by(LoraParameters merged) throws IOException;
  }

  private static void check(FixtureSet set, Fixture fixture, String name, Computed actual)
      throws IOException {
    float alpha = (float) fixture.json().get("alpha").asDouble();
    try (Loaded dit = Loaded.open(set.named("dit5b").weights(false));
        Checkpoint lora = Checkpoints.open(fixture.path("/lora.safetensors"));
        Checkpoint io = fixture.io()) {
      LoraParameters merged =
          LoraParameters.over(
              dit, dit.checkpoint(), List.of(new LoraParameters.Opened(lora, alpha)), true, 2);
      Golden.within(name, actual.by(merged), io.tensor(name), fixture.tolerance().of("out_abs"));
    }
  }
}

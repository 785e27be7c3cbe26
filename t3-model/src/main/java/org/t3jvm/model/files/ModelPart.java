package org.t3jvm.model.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import org.t3jvm.job.ModelSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.ExpectedTensors;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.nn.ParameterShapes;
import org.t3jvm.model.nn.UnsupportedModelException;
import org.t3jvm.model.provenance.ModelIdentity;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.Parameters;

/**
 * One opened part of a model, checked to be complete. It is opened with the number of threads that
 * decode a tensor which is not stored as it is used.
 *
 * @param config its sizes
 * @param parameters its tensors
 * @param files it lies in
 */
public record ModelPart<C>(C config, Parameters parameters, List<Path> files, Checkpoint checkpoint)
    implements AutoCloseable {
  /**
   * The autoencoder of a model that need not be complete.
   *
   * @throws IOException also if it has no encoder
   */
  public static ModelPart<VaeConfig> vae(ModelSource source, int threads) throws IOException {
    Path file = ModelFiles.findVae(source);
    ModelPart<VaeConfig> vae =
        of(
            ModelFiles.openVae(file, threads),
            List.of(file),
            VaeConfig::infer,
            VaeConfig::parameterShapes);
    if (!vae.config().encodes()) {
      vae.close();
      throw new IOException(
          "'%s' is a VAE that only decodes; give one with its encoder".formatted(file));
    }
    return vae;
  }

  /** The text encoder of a model that need not be complete. */
  public static ModelPart<Umt5Config> textEncoder(ModelSource source, int threads)
      throws IOException {
    Path file = ModelFiles.findTextEncoder(source);
    return of(
        ModelFiles.openTextEncoder(file, threads),
        List.of(file),
        Umt5Config::infer,
        Umt5Config::parameterShapes);
  }

  /** The transformer of a model that need not be complete, with its T3 state dict if it has one. */
  public static ModelPart<DitConfig> dit(ModelSource source, int threads) throws IOException {
    List<Path> files = ModelFiles.findDit(source);
    OptionalInt heads =
        ModelFiles.configBeside(files).isPresent()
            ? ModelConfigFile.heads(ModelFiles.configBeside(files).get())
            : OptionalInt.empty();
    return of(
        ModelFiles.openDit(files, source.t3(), threads),
        files,
        shapes -> DitConfig.infer(shapes, heads),
        DitConfig::parameterShapes);
  }

  private static <C> ModelPart<C> of(
      Checkpoint checkpoint,
      List<Path> files,
      Function<Map<String, Shape>, C> inference,
      Function<C, ParameterShapes> wanted)
      throws IOException {
    try {
      C config = infer(checkpoint, inference, wanted);
      return new ModelPart<>(config, new CheckpointParameters(checkpoint), files, checkpoint);
    } catch (IOException | RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  /**
   * The configuration of a checkpoint, which has all that the configuration needs.
   *
   * @throws IOException if it is of another model, or lacks tensors
   */
  static <C> C infer(
      Checkpoint checkpoint,
      Function<Map<String, Shape>, C> inference,
      Function<C, ParameterShapes> wanted)
      throws IOException {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    checkpoint.entries().forEach((name, info) -> shapes.put(name, info.shape()));
    C config;
    try {
      config = inference.apply(shapes);
    } catch (UnsupportedModelException e) {
      throw new IOException("'%s': %s".formatted(checkpoint.description(), e.getMessage()), e);
    }
    new ExpectedTensors(wanted.apply(config).asMap()).check(checkpoint);
    return config;
  }

  /** What distinguishes its weights from others. */
  public String identity() throws IOException {
    return ModelIdentity.of("part", files).hash();
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}

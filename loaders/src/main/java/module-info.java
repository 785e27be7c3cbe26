/** Checkpoint files: what the modules of models read their weights with. */
@SuppressWarnings("module") // the modules that packages are exported to are compiled later
module org.t3jvm.loaders {
  requires transitive org.t3jvm.tensor;
  requires static transitive org.jspecify;
  requires tools.jackson.core;

  exports org.t3jvm.loaders to
      org.t3jvm.bench,
      org.t3jvm.model;
  exports org.t3jvm.loaders.convert to
      org.t3jvm.model;
  exports org.t3jvm.loaders.io to
      org.t3jvm.model,
      org.t3jvm.server;
  exports org.t3jvm.loaders.names to
      org.t3jvm.model;
  exports org.t3jvm.loaders.open to
      org.t3jvm.bench,
      org.t3jvm.model;
  exports org.t3jvm.loaders.pth to
      org.t3jvm.bench,
      org.t3jvm.model;
  exports org.t3jvm.loaders.safetensors to
      org.t3jvm.bench,
      org.t3jvm.model;
  exports org.t3jvm.loaders.scaled to
      org.t3jvm.model;
  exports org.t3jvm.loaders.text to
      org.t3jvm.model;
}

/**
 * Videos from text. {@link org.t3jvm.T3} is the way in, for programs as for the command line of
 * this project.
 */
@SuppressWarnings("module") // the modules that packages are exported to are compiled later
module org.t3jvm.model {
  requires com.fasterxml.jackson.annotation;
  requires info.picocli;
  requires java.management;
  requires java.net.http;
  requires jdk.jfr;
  requires jdk.management;
  requires jdk.unsupported;
  requires org.bytedeco.ffmpeg;
  requires org.bytedeco.javacpp;
  requires org.jsoup;
  requires org.t3jvm.loaders;
  requires tools.jackson.databind;
  requires tools.jackson.dataformat.csv;
  requires transitive java.desktop;
  requires transitive org.t3jvm.tensor;
  requires static transitive org.jspecify;

  exports org.t3jvm;
  exports org.t3jvm.event;
  exports org.t3jvm.job;
  exports org.t3jvm.train;
  exports org.t3jvm.cli.command to
      org.t3jvm.bench,
      org.t3jvm.server;
  exports org.t3jvm.cli.error to
      org.t3jvm.bench,
      org.t3jvm.server;
  exports org.t3jvm.cli.option to
      org.t3jvm.server;
  exports org.t3jvm.model.dit to
      org.t3jvm.bench;
  exports org.t3jvm.model.embedded to
      org.t3jvm.bench;
  exports org.t3jvm.model.files to
      org.t3jvm.bench;
  exports org.t3jvm.model.fit to
      org.t3jvm.bench;
  exports org.t3jvm.model.html to
      org.t3jvm.bench;
  exports org.t3jvm.model.json to
      org.t3jvm.server;
  exports org.t3jvm.model.nn to
      org.t3jvm.bench;
  exports org.t3jvm.model.primer to
      org.t3jvm.bench;
  exports org.t3jvm.model.prompt to
      org.t3jvm.bench;
  exports org.t3jvm.model.text to
      org.t3jvm.bench;
  exports org.t3jvm.model.vae to
      org.t3jvm.bench;
  exports org.t3jvm.model.vae.band to
      org.t3jvm.bench;
  exports org.t3jvm.model.video to
      org.t3jvm.bench;

  opens org.t3jvm.cli to
      info.picocli;
  opens org.t3jvm.cli.command to
      info.picocli;
  opens org.t3jvm.cli.measure to
      info.picocli,
      tools.jackson.databind;
  opens org.t3jvm.cli.option to
      info.picocli;
  opens org.t3jvm.cli.train to
      info.picocli;
  opens org.t3jvm.job to
      tools.jackson.databind;
  opens org.t3jvm.model.batch to
      tools.jackson.databind;
  opens org.t3jvm.model.files to
      tools.jackson.databind;
  opens org.t3jvm.model.hub to
      tools.jackson.databind;
  opens org.t3jvm.model.provenance to
      tools.jackson.databind;
  opens org.t3jvm.model.state to
      tools.jackson.databind;
  opens org.t3jvm.model.train.run to
      tools.jackson.databind;
  opens org.t3jvm.model.world to
      tools.jackson.databind;
  opens org.t3jvm.model.world.files to
      tools.jackson.databind;
  opens org.t3jvm.train to
      tools.jackson.databind;

  uses org.t3jvm.cli.command.CommandProvider;
}

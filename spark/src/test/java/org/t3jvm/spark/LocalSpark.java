package org.t3jvm.spark;

import org.apache.spark.sql.SparkSession;

/** Spark inside the JVM of a test. */
final class LocalSpark {
  private LocalSpark() {}

  /** A session whose tasks are threads of this JVM. */
  static SparkSession start(String master) {
    return SparkSession.builder()
        .master(master)
        .appName("test")
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.hadoop.fs.mirror.impl", MirrorFileSystem.class.getName())
        .getOrCreate();
  }
}

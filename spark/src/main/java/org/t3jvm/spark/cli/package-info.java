/** The command line of {@code spark-submit}. */
@NullMarked
package org.t3jvm.spark.cli;

import org.jspecify.annotations.NullMarked;

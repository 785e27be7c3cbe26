/**
 * The {@code t3} command line: options to requests, progress and errors to a person. Exit status 0
 * for success, 1 if the job failed, 2 for wrong usage.
 */
@NullMarked
package org.t3jvm.model.cli;

import org.jspecify.annotations.NullMarked;

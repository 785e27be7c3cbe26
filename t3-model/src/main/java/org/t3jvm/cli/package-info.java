/**
 * The {@code t3} command: entry point and how its errors end. Exit status 0 for success, 1 if the
 * job failed, 2 for wrong usage.
 */
@NullMarked
package org.t3jvm.cli;

import org.jspecify.annotations.NullMarked;

/** Why a command ends before its work is done, in one line. */
@NullMarked
package org.t3jvm.cli.error;

import org.jspecify.annotations.NullMarked;

/**
 * The zip files of {@code torch.save}, SPEC 14: stored zip entries, one of them a pickle that
 * describes the tensors in the others. The pickle is interpreted against a fixed list of globals;
 * nothing in it is executed.
 */
@NullMarked
package org.t3jvm.loaders.pth;

import org.jspecify.annotations.NullMarked;

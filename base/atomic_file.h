// Files that are replaced whole or not at all, and locks between processes.
#pragma once

#include <string>
#include <string_view>

#include "base/file_descriptor.h"
#include "base/huge_pages.h"
#include "base/result.h"

namespace dnsd {

// The whole file; refuses folders and files above `most` octets.
Result<std::string> read_file(const std::string& path, size_t most = size_t{4} << 30);
// The same for files that may be large.
Result<HugeString> read_large_file(const std::string& path, size_t most = size_t{4} << 30);

// Writes a new file beside `path`, with the mode (and, where allowed, the owner) of the old one, fsyncs it, renames
// it over `path` and fsyncs the folder: after a crash at any moment the old or the new content stands there in full.
// A symbolic link is followed, so that the link stays one; a link to nothing is refused. `mode` is for a file that
// does not exist yet. A failure leaves the old file as it was and nothing beside it.
Status replace_file(const std::string& path, std::string_view content, unsigned mode = 0644);

// An exclusive lock on a file, held until destruction or the end of the process (flock). Movable, not copyable.
class FileLock {
 public:
  enum class Wait { yes, no };
  // Creates the file if missing. With Wait::no a failure if another process holds it.
  static Result<FileLock> take(const std::string& path, Wait wait);

 private:
  explicit FileLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

}  // namespace dnsd

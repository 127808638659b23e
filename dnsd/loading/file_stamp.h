// What tells a file's content from another without reading it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace dnsd {

struct FileStamp {
  uint64_t device, inode, size;
  int64_t modified_ns, changed_ns;
  bool operator==(const FileStamp&) const = default;
};

// None where there is no such file.
std::optional<FileStamp> stamp_of(const std::string& path);

// Files as they were before they were read: one that changes while it is read, or could not be read, is then another.
using FileStamps = std::map<std::string, std::optional<FileStamp>>;

}  // namespace dnsd

package import SystemPackage

/// Which files are a package's content.
///
/// Globs are absolute paths: `*` and `?` stand for characters of one name, `**` for any number of whole names.
package struct ArtefactSpec: Equatable, Sendable {
    /// Where the files come from.
    package enum Source: Equatable, Sendable {
        /// What the steps added to the tree of the base, changed and deleted in it.
        case difference
        /// A folder of the container, which becomes the root of the content.
        case directory(FilePath)
        /// The whole container.
        case tree
        /// A folder beside the package's file, relative to it; there is no container.
        case files(FilePath)
    }

    /// Where the files come from.
    package var source: Source
    /// Globs of what is content, with the folders above; empty for everything.
    package var include: [String] = []
    /// Globs of what is no content; they win over `include`.
    package var exclude: [String] = []
    /// Globs of paths of the base and of required packages that this one may change.
    package var overrides: [Located<String>] = []
    /// Globs of paths of the base that this one may delete.
    package var removes: [Located<String>] = []
    /// Whether what an image makes of all its packages is content as well: caches of libraries and modules, the initramfs.
    ///
    /// No file of a package says so: it is for what is done last.
    package var carriesRemade = false

    /// Takes everything of a source.
    package init(_ source: Source) { self.source = source }
}

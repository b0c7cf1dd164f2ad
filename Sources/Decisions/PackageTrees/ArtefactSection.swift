package import PackageModel
package import TreeModel

/// What the section `artefact` of a package says of the files that it carries.
package struct ArtefactSection: Equatable, Sendable {
    /// A further package out of the same build.
    package struct Split: Equatable, Sendable {
        /// The package.
        package var name: PackageName
        /// The files that it takes.
        package var include: [PathGlob]

        /// Names a package and its files.
        package init(_ name: PackageName, include: [PathGlob]) {
            self.name = name
            self.include = include
        }
    }

    /// The files that are carried, with the folders above them; an empty list takes all.
    package var include: [PathGlob]
    /// The files that are not carried, although they are included.
    package var exclude: [PathGlob]
    /// The files of what lies below that the package may replace.
    package var overrides: [PathGlob]
    /// The files of what lies below that the package may remove.
    package var removes: [PathGlob]
    /// The files that are carried although a rule leaves them out.
    package var keep: [PathGlob]

    /// Puts the keys together.
    package init(
        include: [PathGlob] = [], exclude: [PathGlob] = [], overrides: [PathGlob] = [], removes: [PathGlob] = [],
        keep: [PathGlob] = []
    ) {
        (self.include, self.exclude, self.overrides) = (include, exclude, overrides)
        (self.removes, self.keep) = (removes, keep)
    }

    /// The rules that hold for the package.
    package var rules: TreeRules { TreeRules(keeping: keep) }

    /// Says whether a file is carried.
    package func selects(_ path: EntryPath) -> Bool {
        (include.isEmpty || include.cover(path)) && !exclude.cover(path)
    }
}

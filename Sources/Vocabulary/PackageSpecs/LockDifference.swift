/// Something in which a lock and the files of its layer do not agree.
package struct LockDifference: Equatable, Sendable, CustomStringConvertible {
    /// In which way.
    package enum Kind: Equatable, Sendable {
        /// Files use it, and the lock does not have it.
        case missing
        /// The lock has another one than files ask for: what it has, in words.
        case other(String)
        /// The lock has it, and nothing uses it.
        case unused
    }

    /// What it is.
    package enum Subject: String, Sendable {
        /// An image of a base or a copy.
        case image = "the image"
        /// What the layer's image lies on.
        case base = "the base"
        /// A download.
        case fetch = "the download"
        /// A repository of a layer below.
        case repository = "the repository"
        /// A package out of these.
        case package = "the package"
        /// A variable of the environment.
        case variable = "the variable"
    }

    /// In which way they do not agree.
    package var kind: Kind
    /// What it is.
    package var subject: Subject
    /// Its name: a reference, an address, or a request.
    package var name: String
    /// Where it is used; nil when only the lock knows it.
    package var place: SpecPlace?

    /// Whether a build cannot be made with the lock as it is.
    package var isStale: Bool { kind != .unused }

    /// A line for people: `app/package.yaml:6:12: the image docker.io/library/debian:12 is not in boatyard.lock`.
    package var description: String {
        let place = place.map { "\($0): " } ?? ""
        return switch kind {
        case .missing: "\(place)\(subject.rawValue) \(name) is not in \(LockFile.fileName)"
        case .other(let found): "\(place)\(subject.rawValue) \(name): \(LockFile.fileName) has \(found)"
        case .unused: "\(place)\(subject.rawValue) \(name) of \(LockFile.fileName) is used by nothing"
        }
    }
}

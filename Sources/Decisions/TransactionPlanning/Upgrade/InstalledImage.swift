package import Faults
package import GrubEnvironment
package import ImageModel
import ReleaseModel

/// What a new image is compared with: what is installed, as far as its manifest can be read.
package enum InstalledImage: Equatable, Sendable {
    /// No role has an image.
    case nothing
    /// Roles have images, but no manifest can be read.
    case unknown
    /// The image that counts: active, unless it was given up; of others only where its manifest cannot be read.
    case known(StoreFacts.Image)

    /// Finds it among the images that roles name.
    ///
    /// - Parameter only: recovery where only that is upgraded; its image counts first then.
    package init(_ environment: BootEnvironment, state: StoreFacts, recovery: StoreFacts, only: Role?) {
        let isGivenUp = environment.activeState == .bad && environment.passive != nil
        let first: [Role] = only == .recovery ? [.recovery] : isGivenUp ? [.passive] : []
        let named = (first + [.active, .passive, .recovery]).compactMap { role in
            environment.image(of: role).map { (role == .recovery ? recovery : state).image($0) }
        }
        guard !named.isEmpty else {
            self = .nothing
            return
        }
        self = named.compactMap(\.self).first { $0.sequence != nil }.map { .known($0) } ?? .unknown
    }
}

extension UpgradeFacts {
    /// What is installed.
    var installed: InstalledImage {
        InstalledImage(environment, state: state, recovery: recovery, only: options.only)
    }

    /// Says that something else than the image that counts had to be compared with; nil when that was not so.
    var comparisonNote: String? {
        guard options.only != .recovery, let active = environment.active, environment.activeState != .bad,
            case .known(let image) = installed, image.id != active
        else { return nil }
        return
            "the manifest of active (\(active)) cannot be read; \(image.title) (\(image.id)) was compared with instead"
    }

    /// The sequence of what is installed; nil when nobody gave it one, or nobody knows.
    package var installedSequence: Int64? {
        Self.installedSequence(environment, state: state, recovery: recovery, only: options.only)
    }

    /// The same, before it is known what is to be installed.
    package static func installedSequence(
        _ environment: BootEnvironment, state: StoreFacts, recovery: StoreFacts, only: Role?
    ) -> Int64? {
        guard case .known(let image) = InstalledImage(environment, state: state, recovery: recovery, only: only),
            image.age?.isCounted == true
        else { return nil }
        return image.sequence
    }

    // MARK: Product

    /// The names that the image may have; nil for any.
    package var products: Set<String>? {
        guard !options.allowsOtherProduct, case .known(let image) = installed else { return nil }
        let names = (candidate.isNamed ? [image.name] : [image.name, image.system]).compactMap(\.self)
        return names.isEmpty ? nil : Set(names)
    }

    func checkProduct() throws(Refusal) {
        if options.allowsOtherProduct { return }
        if installed == .unknown {
            throw refusal(
                .product,
                "no manifest of what is installed can be read, so nobody knows which product this machine has",
                remedy: "Add --allow-other-product to install it all the same.")
        }
        guard candidate.isNamed, let products, !products.contains(candidate.name) else { return }
        throw Self.otherProduct(candidate.reference, candidate.name, products)
    }

    /// Refuses an image for its name.
    package static func otherProduct(_ reference: String, _ name: String, _ products: Set<String>) -> Refusal {
        Refusal(
            .product, "upgrading to", reference,
            cause: "it is \(name), and \(products.sorted().joined(separator: " or ")) is installed",
            remedy: "Add --allow-other-product to change the product of this machine.")
    }

    // MARK: Age

    func checkAge() throws(Refusal) {
        guard policy.downgrade == .refuse, !options.allowsDowngrade else { return }
        switch installed {
        case .nothing: return
        case .unknown: throw undecided("no manifest of what is installed can be read")
        case .known(let image): try check(candidate.age, against: image)
        }
    }

    private func check(_ age: ImageAge, against image: StoreFacts.Image) throws(Refusal) {
        guard let known = image.age else { return }
        // What nobody counted must not lock out what is counted: that is compared with the last count that is here.
        if age.isCounted, !known.isCounted {
            if let last = lastCount, age.sequence < last { throw lower(last) }
            return
        }
        if age.isCounted, age.sequence < known.sequence { throw lower(known.sequence) }
        if age.isCounted { return }
        guard let made = age.created, let before = known.created else {
            throw undecided("it has no sequence, and nobody knows when it was made")
        }
        guard made < before else { return }
        throw refusal(
            .downgrade,
            "it has no sequence and was made \(Self.text(made)), before what is installed (\(Self.text(before)))",
            remedy: "Add --allow-downgrade to go back all the same.")
    }

    /// The highest sequence that somebody gave to an image which has a role.
    private var lastCount: Int64? {
        let named = [state.image(environment.passive), recovery.image(environment.recovery)]
        return named.compactMap(\.self).filter { $0.age?.isCounted == true }.compactMap(\.sequence).max()
    }

    private func lower(_ sequence: Int64) -> Refusal {
        refusal(
            .downgrade, "its sequence \(candidate.sequence) is lower than \(sequence), which is installed",
            remedy: "Add --allow-downgrade to go back all the same.")
    }

    private func undecided(_ cause: String) -> Refusal {
        refusal(
            .downgrade, "nobody knows whether it is older: \(cause)",
            remedy: "Add --allow-downgrade to install it all the same.")
    }

    private static func text(_ seconds: Int64) -> String { UTCTime(seconds: seconds)?.description ?? "@\(seconds)" }
}

import Faults
import InstanceData
import LinuxSystem
package import SystemPackage

/// Looks for the data of this instance: on disks, in what firmware says, and at servers.
package struct DataSourceSearch: Sendable {
    /// Where is looked.
    package enum Scope: Sendable {
        /// On this machine alone, since there is no network yet; the others are named as to be asked later.
        case local
        /// Everywhere.
        case all
    }

    let root: FilePath
    let limits: DataSourceLimits
    /// Who asks servers.
    var client: any SourceClient
    /// Addresses in the place of a provider's own, by its name.
    var servers: [String: [String]] = [:]
    /// How a block device is looked at.
    var look = VolumeSearch.probe

    /// Makes a search on the machine whose root this is.
    package init(root: FilePath = "/", limits: DataSourceLimits = DataSourceLimits()) {
        self.root = root
        self.limits = limits
        client = NetworkClient(limits: limits)
    }

    /// Looks for the data; that there are none is a remark and no fault.
    ///
    /// What counts is the order of the sources, never who is fastest: a source later in the order only counts when all
    /// before it have said that they have nothing, or have not answered in time.
    ///
    /// - Parameter asked: names of providers, `file=PATH`, addresses; none means all that this machine may belong to.
    package func find(providers asked: [String], scope: Scope) -> DataSourceFinding {
        let facts = MachineFacts(root: root)
        let choice = DataSourceChoice(facts.identity, asked: asked)
        var remarks = facts.remarks + choice.warnings
        var unseen: [String] = []
        let volumes = volumes(choice, &remarks, &unseen)
        let list = CandidateList(
            root: root, limits: limits, client: client, machine: facts.identity, volumes: volumes, servers: servers)
        var hunt = SourceHunt(list.candidates(choice), limits)
        (hunt.remarks, hunt.unseen) = (remarks + unseen, unseen)
        var finding = hunt.run(scope)
        if finding.provider == nil { finding.remarks.append("no data for this instance were found") }
        complete(&finding, scope)
        return finding
    }

    /// Looks at all block devices when a source is a volume.
    private func volumes(
        _ choice: DataSourceChoice, _ remarks: inout [String], _ unseen: inout [String]
    ) -> VolumeSearch? {
        guard choice.providers.contains(where: { if case .volume = $0.transport { true } else { false } }) else {
            return nil
        }
        do throws(SystemError) {
            let search = try VolumeSearch(
                try DeviceNames(root: root).disks, until: .after(limits.localTime), look: look)
            remarks += search.remarks
            return search
        } catch {
            unseen.append("the block devices cannot be listed: \(error)")
            return nil
        }
    }

    /// Fetches what user data names, or says that it is to be fetched later.
    private func complete(_ finding: inout DataSourceFinding, _ scope: Scope) {
        let addresses = finding.parts.flatMap(\.addresses)
        guard !addresses.isEmpty else { return }
        guard scope == .all else {
            finding.isIncomplete = true
            finding.later += addresses.map { SourceRequest($0).withoutQuery }
            return
        }
        var expansion = IncludeExpansion(limits, client)
        finding.parts = expansion.expanded(finding.parts)
        finding.isIncomplete = finding.isIncomplete || expansion.isIncomplete
        finding.remarks += expansion.remarks
    }
}

#include "backend/practice/schema_velero.h"

#include <stddef.h>
#include <string.h>

#define FINAL_PHASES "Completed|PartiallyFailed|Failed"
#define VOLUME_PHASE "s(New|Accepted|Prepared|InProgress|Canceling|Canceled|Completed|Failed)"
#define PROGRESS     "{bytesDone:i,totalBytes:i}"
#define FILTERS                                                                                    \
	"includedNamespaces:[s],excludedNamespaces:[s],includedResources:[s],"                     \
	"excludedResources:[s],includeClusterResources:b,labelSelector:@SEL,"                      \
	"orLabelSelectors:[@SEL],"

static const struct {
	const char *name;
	const char *text;
} table[] = {
	{ "SEL", "{matchLabels:<s>,matchExpressions:[{key!:s,operator!:s,values:[s]}]}" },
	{ "OBJECT",
	  "{apiVersion:s,fieldPath:s,kind:s,name:s,namespace:s,resourceVersion:s,uid:s}" },
	{ "SECRET", "{key!:s,name:s,optional:b}" },
	{ "LOCAL", "{apiGroup:s,kind!:s,name!:s}" },
	{ "EXEC", "{command!:[s],container:s,onError:s(Continue|Fail),timeout:s}" },
	{ "BACKUP_SPEC",
	  "{" FILTERS "csiSnapshotTimeout:s,datamover:s,defaultVolumesToFsBackup:b,"
	  "defaultVolumesToRestic:b,excludedClusterScopedResources:[s],"
	  "excludedNamespaceScopedResources:[s],includedClusterScopedResources:[s],"
	  "includedNamespaceScopedResources:[s],hooks:{resources:[{name!:s,"
	  "includedNamespaces:[s],excludedNamespaces:[s],includedResources:[s],"
	  "excludedResources:[s],labelSelector:@SEL,pre:[{exec!:@EXEC}],post:[{exec!:@EXEC}]}]},"
	  "itemOperationTimeout:s,metadata:{labels:<s>},orderedResources:<s>,"
	  "resourcePolicy:@LOCAL,snapshotMoveData:b,snapshotVolumes:b,storageLocation:s,ttl:s,"
	  "uploaderConfig:{parallelFilesUpload:i},volumeGroupSnapshotLabelKey:s,"
	  "volumeSnapshotLocations:[s]}" },
	{ "backups.velero.io",
	  "{spec:@BACKUP_SPEC,status:{backupItemOperationsAttempted:i,"
	  "backupItemOperationsCompleted:i,backupItemOperationsFailed:i,completionTimestamp:t,"
	  "csiVolumeSnapshotsAttempted:i,csiVolumeSnapshotsCompleted:i,errors:i,expiration:t,"
	  "failureReason:s,formatVersion:s,hookStatus:{hooksAttempted:i,hooksFailed:i},"
	  "phase:s(New|Queued|ReadyToStart|FailedValidation|InProgress|"
	  "WaitingForPluginOperations|WaitingForPluginOperationsPartiallyFailed|Finalizing|"
	  "FinalizingPartiallyFailed|" FINAL_PHASES "|Deleting),"
	  "progress:{itemsBackedUp:i,totalItems:i},queuePosition:i,startTimestamp:t,"
	  "validationErrors:[s],version:i,volumeSnapshotsAttempted:i,volumeSnapshotsCompleted:i,"
	  "warnings:i}}" },
	{ "restores.velero.io",
	  "{spec:{" FILTERS "backupName:s,existingResourcePolicy:s,hooks:{resources:[{name!:s,"
	  "includedNamespaces:[s],excludedNamespaces:[s],includedResources:[s],"
	  "excludedResources:[s],labelSelector:@SEL,postHooks:[{exec:{command!:[s],container:s,"
	  "execTimeout:s,onError:s(Continue|Fail),waitForReady:b,waitTimeout:s},"
	  "init:{initContainers:x,timeout:s}}]}]},itemOperationTimeout:s,namespaceMapping:<s>,"
	  "preserveNodePorts:b,resourceModifier:@LOCAL,restorePVs:b,"
	  "restoreStatus:{includedResources:[s],excludedResources:[s]},scheduleName:s,"
	  "uploaderConfig:{parallelFilesDownload:i,writeSparseFiles:b}},"
	  "status:{completionTimestamp:t,errors:i,failureReason:s,"
	  "hookStatus:{hooksAttempted:i,hooksFailed:i},phase:s(New|FailedValidation|InProgress|"
	  "WaitingForPluginOperations|WaitingForPluginOperationsPartiallyFailed|" FINAL_PHASES
	  "|Finalizing|FinalizingPartiallyFailed),progress:{itemsRestored:i,totalItems:i},"
	  "restoreItemOperationsAttempted:i,restoreItemOperationsCompleted:i,"
	  "restoreItemOperationsFailed:i,startTimestamp:t,validationErrors:[s],warnings:i}}" },
	{ "schedules.velero.io",
	  "{spec:{paused:b,schedule!:s,skipImmediately:b,template!:@BACKUP_SPEC,"
	  "useOwnerReferencesInBackup:b},status:{lastBackup:t,lastSkipped:t,"
	  "phase:s(New|Enabled|FailedValidation),validationErrors:[s]}}" },
	{ "backupstoragelocations.velero.io",
	  "{spec:{accessMode:s(ReadOnly|ReadWrite),backupSyncPeriod:s,config:<s>,"
	  "credential:@SECRET,default:b,objectStorage!:{bucket!:s,caCert:s,caCertRef:@SECRET,"
	  "prefix:s},provider!:s,validationFrequency:s},status:{accessMode:s(ReadOnly|ReadWrite),"
	  "lastSyncedRevision:s,lastSyncedTime:t,lastValidationTime:t,message:s,"
	  "phase:s(Available|Unavailable)}}" },
	{ "volumesnapshotlocations.velero.io", "{spec:{config:<s>,credential:@SECRET,provider!:s},"
					       "status:{phase:s(Available|Unavailable)}}" },
	{ "podvolumebackups.velero.io",
	  "{spec:{backupStorageLocation!:s,cancel:b,node!:s,pod!:@OBJECT,repoIdentifier:s,"
	  "tags:<s>,uploaderSettings:<s>,uploaderType:s(kopia|restic|),volume!:s},"
	  "status:{acceptedTimestamp:t,completionTimestamp:t,incrementalBytes:i,message:s,path:s,"
	  "phase:" VOLUME_PHASE ",progress:" PROGRESS ",snapshotID:s,startTimestamp:t}}" },
	{ "podvolumerestores.velero.io",
	  "{spec:{backupStorageLocation!:s,cancel:b,pod!:@OBJECT,repoIdentifier:s,snapshotID!:s,"
	  "snapshotSize:i,sourceNamespace!:s,uploaderSettings:<s>,uploaderType:s(kopia|restic|),"
	  "volume!:s},status:{acceptedTimestamp:t,completionTimestamp:t,message:s,node:s,"
	  "phase:" VOLUME_PHASE ",progress:" PROGRESS ",startTimestamp:t}}" },
	{ "deletebackuprequests.velero.io",
	  "{spec:{backupName!:s},status:{errors:[s],phase:s(New|InProgress|Processed)}}" },
	{ "downloadrequests.velero.io",
	  "{spec:{target!:{kind!:s(BackupLog|BackupContents|BackupVolumeSnapshots|"
	  "BackupItemOperations|BackupResourceList|BackupResults|RestoreLog|RestoreResults|"
	  "RestoreResourceList|RestoreItemOperations|CSIBackupVolumeSnapshots|"
	  "CSIBackupVolumeSnapshotContents|BackupVolumeInfos|RestoreVolumeInfo),name!:s}},"
	  "status:{downloadURL:s,expiration:t,phase:s(New|Processed)}}" },
	{ "serverstatusrequests.velero.io",
	  "{spec:{},status:{phase:s(New|Processed),plugins:[{kind!:s,name!:s}],"
	  "processedTimestamp:t,serverVersion:s}}" },
	{ "backuprepositories.velero.io",
	  "{spec:{backupStorageLocation!:s,maintenanceFrequency!:s,repositoryConfig:<s>,"
	  "repositoryType:s(kopia|restic|),resticIdentifier:s,volumeNamespace!:s},"
	  "status:{lastMaintenanceTime:t,message:s,phase:s(New|Ready|NotReady),"
	  "recentMaintenance:[{completeTimestamp:t,message:s,result:s(Succeeded|Failed),"
	  "startTimestamp:t}]}}" },
	{ "datauploads.velero.io",
	  "{spec:{backupStorageLocation!:s,cancel:b,csiSnapshot:{driver:s,snapshotClass:s,"
	  "storageClass!:s,volumeSnapshot!:s},dataMoverConfig:<s>,datamover:s,"
	  "operationTimeout!:s,snapshotType!:s,sourceNamespace!:s,sourcePVC!:s},"
	  "status:{acceptedByNode:s,acceptedTimestamp:t,completionTimestamp:t,"
	  "dataMoverResult:<s>,incrementalBytes:i,message:s,node:s,nodeOS:s(auto|linux|windows),"
	  "path:s,phase:" VOLUME_PHASE ",progress:" PROGRESS ",snapshotID:s,startTimestamp:t}}" },
	{ "datadownloads.velero.io",
	  "{spec:{backupStorageLocation!:s,cancel:b,dataMoverConfig:<s>,datamover:s,"
	  "nodeOS:s(auto|linux|windows),operationTimeout!:s,snapshotID!:s,snapshotSize:i,"
	  "sourceNamespace!:s,targetVolume!:{namespace!:s,pv!:s,pvc!:s}},"
	  "status:{acceptedByNode:s,acceptedTimestamp:t,completionTimestamp:t,message:s,node:s,"
	  "phase:" VOLUME_PHASE ",progress:" PROGRESS ",startTimestamp:t}}" },
};

const char *schema_velero_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].name, name) == 0)
			return table[i].text;
	}
	return NULL;
}
